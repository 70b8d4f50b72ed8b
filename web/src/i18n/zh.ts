/** The page's own words in Chinese. `en.ts` has the same keys. */

export const zh = {
  name: '学园',
  skip: '跳到正文',
  loading: '正在载入……',
  nav: {
    label: '主导航',
    home: '首页',
    courses: '课程',
    teaching: '教学',
    operation: '运维',
    account: '账号设置',
    login: '登录',
    logout: '退出登录',
  },
  language: {
    label: '语言',
    /** The other language in itself; the button that leads there. */
    other: 'English',
  },
  theme: {
    label: '外观',
    system: '跟随系统',
    light: '浅色',
    dark: '深色',
  },
  retry: '重试',
  back: '返回首页',
  cancel: '取消',
  close: '关闭',
  lost: {
    heading: '页面没有载入',
    notFound: '没有这个页面',
    notFoundText: '地址可能写错了，或者页面已经搬走。',
    forbidden: '这个页面不对你开放',
    forbiddenText: '你的账号没有打开它的权限。需要的话，请联系管理员。',
  },
  errors: {
    offline: '连不上服务器。请检查网络，你的内容都还在。',
    unavailable: '服务器暂时没有回应，过一会儿再试。',
    unexpected: '出了意料之外的问题。',
    request: (id: string) => `请求编号 ${id}`,
  },
};
